import { serveDownloads } from './serve-downloads.ts'

serveDownloads(self)
