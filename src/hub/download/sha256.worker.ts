import { serveSha256 } from './serve-sha256.ts'

serveSha256(self)
