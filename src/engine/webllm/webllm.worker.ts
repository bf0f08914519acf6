import { serveEngine } from '../serve-engine.ts'
import { loadWebllmEngine } from './load-webllm-engine.ts'

serveEngine(self, loadWebllmEngine)
