// A software WebGPU adapter with shader-f16 for headless Chromium, from Debian's packages: Mesa's lavapipe, unpacked into
// .tmp/ (nothing of the system is replaced), and a small Vulkan layer that makes Chromium take it.
//
//   node scripts/software-gpu.mjs             sets it up if need be; prints where it is, or why it cannot be, and exits with 1
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const folder = path.join(here, '..', '.tmp', 'software-gpu')
const LAYER = 'VK_LAYER_CALLGROUND_software_gpu'
const files = {
  driver: path.join(folder, 'driver.json'),
  layers: path.join(folder, 'layers'),
  /** Compiled shaders: the first run compiles for some seconds. */
  shaders: path.join(folder, 'shaders'),
}

export const SOFTWARE_GPU_ARGS = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--ignore-gpu-blocklist',
]

/** @returns {Record<string, string>} for the browser's process */
export function softwareGpuEnvironment() {
  return {
    VK_ICD_FILENAMES: files.driver,
    VK_LAYER_PATH: files.layers,
    VK_INSTANCE_LAYERS: LAYER,
    MESA_SHADER_CACHE_DIR: files.shaders,
    // Wider vectors compile longer and gain nothing here.
    LP_NATIVE_VECTOR_WIDTH: '256',
  }
}

class Unavailable extends Error {}

/** @param {string} program @param {readonly string[]} args @param {string} [cwd] */
function run(program, args, cwd = folder) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    // A mirror that does not answer is no reason to wait.
    timeout: 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (error || status !== 0) {
    const lastLine = (error?.message ?? stderr).trim().split('\n').at(-1)
    throw new Unavailable(
      `${program} ${args.find((arg) => !arg.startsWith('-')) ?? ''}: ${lastLine}`,
    )
  }
  return stdout
}

/** The release before trixie has a Mesa whose software driver lacks half precision: a newer one is in its backports. */
function mesaSuite() {
  const release = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  return release === 'bookworm' ? 'bookworm-backports' : release
}

/** Fetches and unpacks the driver with package lists of its own, so that the system's stay as they are. */
function unpackDriver() {
  const apt = path.join(folder, 'apt')
  mkdirSync(path.join(apt, 'lists', 'partial'), { recursive: true })
  mkdirSync(path.join(apt, 'sources'), { recursive: true })
  const sources = '/etc/apt/sources.list.d/debian.sources'
  if (!existsSync(sources)) throw new Unavailable(`${sources} is missing`)
  const [stanza = ''] = readFileSync(sources, 'utf8').split(/\n\s*\n/)
  writeFileSync(
    path.join(apt, 'sources', 'mesa.sources'),
    `${stanza.replace(/^Suites:.*$/m, `Suites: ${mesaSuite()}`)}\n`,
  )
  const options = [
    '-o',
    'Dir::Etc::sourcelist=/dev/null',
    '-o',
    `Dir::Etc::sourceparts=${path.join(apt, 'sources')}`,
    '-o',
    `Dir::State::lists=${path.join(apt, 'lists')}`,
    '-o',
    'APT::Sandbox::User=root',
  ]
  run('apt-get', [...options, 'update'])
  run('apt-get', [...options, 'download', 'mesa-vulkan-drivers'], apt)
  const [archive] = readdirSync(apt).filter((name) => name.endsWith('.deb'))
  if (!archive) throw new Unavailable('mesa-vulkan-drivers was not downloaded')
  run('dpkg-deb', ['-x', path.join(apt, archive), path.join(folder, 'mesa')])
}

/** @returns {string | undefined} */
function driverLibrary() {
  const root = path.join(folder, 'mesa', 'usr', 'lib')
  if (!existsSync(root)) return undefined
  return readdirSync(root)
    .map((name) => path.join(root, name, 'libvulkan_lvp.so'))
    .find((file) => existsSync(file))
}

function buildLayer() {
  mkdirSync(files.layers, { recursive: true })
  const library = path.join(files.layers, 'layer.so')
  run('gcc', [
    '-O1',
    '-shared',
    '-fPIC',
    '-fvisibility=hidden',
    '-o',
    library,
    path.join(here, 'software-gpu', 'vulkan-layer.c'),
    '-lpthread',
  ])
  const entry = 'vkNegotiateLoaderLayerInterfaceVersion'
  const layer = {
    name: LAYER,
    type: 'GLOBAL',
    library_path: library,
    api_version: '1.3.230',
    implementation_version: '1',
    description: 'Makes Chromium take a software driver',
    functions: { [entry]: entry },
  }
  writeFileSync(
    path.join(files.layers, 'layer.json'),
    JSON.stringify({ file_format_version: '1.1.2', layer }),
  )
}

/** Sets it up once. Returns why that is not possible here, or null. */
export function prepareSoftwareGpu() {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) {
    return 'the software adapter is made of Debian packages'
  }
  try {
    mkdirSync(files.shaders, { recursive: true })
    if (!driverLibrary()) {
      if (process.getuid?.() !== 0) return 'installing packages needs root'
      // The system's own driver is not used: it brings the libraries that the newer one needs.
      const packages = ['mesa-vulkan-drivers', 'libvulkan-dev', 'gcc', 'libc6-dev']
      run('apt-get', ['install', '-y', '--no-install-recommends', ...packages])
      unpackDriver()
    }
    const library = driverLibrary()
    if (!library) return 'the package has no lavapipe'
    if (/not found/.test(run('ldd', [library])))
      return 'libraries of the software driver are missing'
    const ICD = { library_path: library, api_version: '1.4.305' }
    writeFileSync(files.driver, JSON.stringify({ file_format_version: '1.0.1', ICD }))
    buildLayer()
    return null
  } catch (error) {
    if (error instanceof Unavailable) return error.message
    throw error
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const reason = prepareSoftwareGpu()
  console.log(reason ?? folder)
  if (reason) process.exitCode = 1
}
