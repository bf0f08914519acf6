import { serveEngine } from '../serve-engine.ts'
import { loadWllamaEngine } from './load-wllama-engine.ts'

serveEngine(self, loadWllamaEngine)
