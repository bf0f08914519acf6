import { createRoot } from 'react-dom/client'
import { startServiceWorker } from './register-service-worker.ts'

startServiceWorker({ onUpdateReady: () => {} })

const root = document.getElementById('root')
if (!root) throw new Error('#root is missing in index.html')
createRoot(root).render(
  <main>
    <h1>Callground</h1>
  </main>,
)
