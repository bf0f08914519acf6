import { serveJobs } from './serve-jobs.ts'

serveJobs(self)
