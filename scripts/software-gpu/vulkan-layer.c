// A Vulkan layer for tests: makes Chromium's WebGPU take Mesa's software driver (lavapipe).
//
// Chromium offers an adapter to a page only when the driver can share semaphores as file descriptors, which only canvas and
// video need. The layer claims that extension, keeps it from the driver, and makes such semaphores plain ones. It also calls
// the driver an integrated GPU, as Chromium would take its own SwiftShader, which has no shader-f16, before a CPU driver.
//
// Written for one instance and one device at a time per thread of use, which is what a headless browser has; the next
// function of each is found by the loader's dispatch table, the first word of every handle.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vk_layer.h>
#include <vulkan/vulkan.h>

#define SHARED_SEMAPHORES VK_KHR_EXTERNAL_SEMAPHORE_FD_EXTENSION_NAME
#define MOST_HANDLES 64

typedef struct {
  void *dispatch;
  VkInstance instance;
  PFN_vkGetInstanceProcAddr instanceNext;
  PFN_vkGetDeviceProcAddr deviceNext;
} Entry;

static Entry entries[MOST_HANDLES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void remember(Entry entry) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MOST_HANDLES; i++) {
    if (entries[i].dispatch && entries[i].dispatch != entry.dispatch) continue;
    entries[i] = entry;
    break;
  }
  pthread_mutex_unlock(&lock);
}

static Entry find(void *handle) {
  Entry found = {0};
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MOST_HANDLES; i++)
    if (handle && entries[i].dispatch == *(void **)handle) found = entries[i];
  pthread_mutex_unlock(&lock);
  return found;
}

static void forget(void *handle) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MOST_HANDLES; i++)
    if (entries[i].dispatch == *(void **)handle) entries[i].dispatch = NULL;
  pthread_mutex_unlock(&lock);
}

// A physical device shares the dispatch table of its instance.
#define NEXT_INSTANCE(handle, name) \
  ((PFN_##name)find(handle).instanceNext(find(handle).instance, #name))
#define NEXT_DEVICE(device, name) ((PFN_##name)find(device).deviceNext(device, #name))

static VKAPI_ATTR VkResult VKAPI_CALL createInstance(
    const VkInstanceCreateInfo *info, const VkAllocationCallbacks *allocator, VkInstance *out) {
  VkLayerInstanceCreateInfo *link = (VkLayerInstanceCreateInfo *)info->pNext;
  while (link && !(link->sType == VK_STRUCTURE_TYPE_LOADER_INSTANCE_CREATE_INFO &&
                   link->function == VK_LAYER_LINK_INFO))
    link = (VkLayerInstanceCreateInfo *)link->pNext;
  if (!link) return VK_ERROR_INITIALIZATION_FAILED;
  PFN_vkGetInstanceProcAddr next = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;
  VkResult result = ((PFN_vkCreateInstance)next(NULL, "vkCreateInstance"))(info, allocator, out);
  if (result == VK_SUCCESS) remember((Entry){*(void **)*out, *out, next, NULL});
  return result;
}

static VKAPI_ATTR void VKAPI_CALL destroyInstance(
    VkInstance instance, const VkAllocationCallbacks *allocator) {
  if (!instance) return;
  PFN_vkDestroyInstance next = NEXT_INSTANCE(instance, vkDestroyInstance);
  forget(instance);
  next(instance, allocator);
}

static VKAPI_ATTR VkResult VKAPI_CALL createDevice(VkPhysicalDevice physical,
    const VkDeviceCreateInfo *info, const VkAllocationCallbacks *allocator, VkDevice *out) {
  VkLayerDeviceCreateInfo *link = (VkLayerDeviceCreateInfo *)info->pNext;
  while (link && !(link->sType == VK_STRUCTURE_TYPE_LOADER_DEVICE_CREATE_INFO &&
                   link->function == VK_LAYER_LINK_INFO))
    link = (VkLayerDeviceCreateInfo *)link->pNext;
  if (!link) return VK_ERROR_INITIALIZATION_FAILED;
  PFN_vkGetInstanceProcAddr next = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  PFN_vkGetDeviceProcAddr deviceNext = link->u.pLayerInfo->pfnNextGetDeviceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;

  VkDeviceCreateInfo changed = *info;
  const char **names = calloc(info->enabledExtensionCount + 1, sizeof *names);
  if (!names) return VK_ERROR_OUT_OF_HOST_MEMORY;
  uint32_t count = 0;
  for (uint32_t i = 0; i < info->enabledExtensionCount; i++)
    if (strcmp(info->ppEnabledExtensionNames[i], SHARED_SEMAPHORES))
      names[count++] = info->ppEnabledExtensionNames[i];
  changed.enabledExtensionCount = count;
  changed.ppEnabledExtensionNames = names;
  PFN_vkCreateDevice create = (PFN_vkCreateDevice)next(find(physical).instance, "vkCreateDevice");
  VkResult result = create(physical, &changed, allocator, out);
  free(names);
  if (result == VK_SUCCESS) remember((Entry){*(void **)*out, NULL, NULL, deviceNext});
  return result;
}

static VKAPI_ATTR void VKAPI_CALL destroyDevice(
    VkDevice device, const VkAllocationCallbacks *allocator) {
  if (!device) return;
  PFN_vkDestroyDevice next = NEXT_DEVICE(device, vkDestroyDevice);
  forget(device);
  next(device, allocator);
}

static VKAPI_ATTR VkResult VKAPI_CALL listExtensions(VkPhysicalDevice physical, const char *layer,
    uint32_t *count, VkExtensionProperties *out) {
  PFN_vkEnumerateDeviceExtensionProperties next =
      NEXT_INSTANCE(physical, vkEnumerateDeviceExtensionProperties);
  if (layer) return next(physical, layer, count, out);
  uint32_t total = 0;
  VkResult result = next(physical, NULL, &total, NULL);
  if (result != VK_SUCCESS) return result;
  VkExtensionProperties *all = calloc(total + 1, sizeof *all);
  if (!all) return VK_ERROR_OUT_OF_HOST_MEMORY;
  next(physical, NULL, &total, all);
  int isThere = 0;
  for (uint32_t i = 0; i < total; i++) isThere |= !strcmp(all[i].extensionName, SHARED_SEMAPHORES);
  if (!isThere) {
    strcpy(all[total].extensionName, SHARED_SEMAPHORES);
    all[total++].specVersion = 1;
  }
  if (!out) {
    *count = total;
  } else {
    if (*count < total) result = VK_INCOMPLETE;
    else *count = total;
    memcpy(out, all, *count * sizeof *all);
  }
  free(all);
  return result;
}

static VKAPI_ATTR void VKAPI_CALL semaphoreProperties(VkPhysicalDevice physical,
    const VkPhysicalDeviceExternalSemaphoreInfo *info, VkExternalSemaphoreProperties *out) {
  (void)physical;
  int isFile = info->handleType == VK_EXTERNAL_SEMAPHORE_HANDLE_TYPE_OPAQUE_FD_BIT;
  out->exportFromImportedHandleTypes = out->compatibleHandleTypes = isFile ? info->handleType : 0;
  out->externalSemaphoreFeatures = isFile ? VK_EXTERNAL_SEMAPHORE_FEATURE_EXPORTABLE_BIT |
                                                VK_EXTERNAL_SEMAPHORE_FEATURE_IMPORTABLE_BIT
                                          : 0;
}

static VKAPI_ATTR VkResult VKAPI_CALL createSemaphore(VkDevice device,
    const VkSemaphoreCreateInfo *info, const VkAllocationCallbacks *allocator, VkSemaphore *out) {
  // Only whether it is a timeline is kept.
  VkSemaphoreTypeCreateInfo type;
  VkSemaphoreCreateInfo plain = *info;
  plain.pNext = NULL;
  for (const VkBaseInStructure *part = info->pNext; part; part = part->pNext) {
    if (part->sType != VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO) continue;
    type = *(const VkSemaphoreTypeCreateInfo *)part;
    type.pNext = NULL;
    plain.pNext = &type;
  }
  return NEXT_DEVICE(device, vkCreateSemaphore)(device, &plain, allocator, out);
}

static VKAPI_ATTR VkResult VKAPI_CALL exportSemaphore(
    VkDevice device, const VkSemaphoreGetFdInfoKHR *info, int *file) {
  (void)device, (void)info;
  *file = -1;
  return VK_ERROR_TOO_MANY_OBJECTS;
}

static VKAPI_ATTR VkResult VKAPI_CALL importSemaphore(
    VkDevice device, const VkImportSemaphoreFdInfoKHR *info) {
  (void)device, (void)info;
  return VK_ERROR_INVALID_EXTERNAL_HANDLE;
}

static void callItGpu(VkPhysicalDeviceProperties *properties) {
  if (properties->deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU)
    properties->deviceType = VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU;
}

static VKAPI_ATTR void VKAPI_CALL properties(
    VkPhysicalDevice physical, VkPhysicalDeviceProperties *out) {
  NEXT_INSTANCE(physical, vkGetPhysicalDeviceProperties)(physical, out);
  callItGpu(out);
}

static VKAPI_ATTR void VKAPI_CALL properties2(
    VkPhysicalDevice physical, VkPhysicalDeviceProperties2 *out) {
  NEXT_INSTANCE(physical, vkGetPhysicalDeviceProperties2)(physical, out);
  callItGpu(&out->properties);
}

static PFN_vkVoidFunction deviceProc(VkDevice device, const char *name);
static PFN_vkVoidFunction instanceProc(VkInstance instance, const char *name);

typedef struct {
  const char *name;
  void *function;
} Hook;

static const Hook DEVICE_HOOKS[] = {
    {"vkGetDeviceProcAddr", deviceProc},     {"vkDestroyDevice", destroyDevice},
    {"vkCreateSemaphore", createSemaphore},  {"vkGetSemaphoreFdKHR", exportSemaphore},
    {"vkImportSemaphoreFdKHR", importSemaphore}, {NULL, NULL},
};

static const Hook INSTANCE_HOOKS[] = {
    {"vkGetInstanceProcAddr", instanceProc},
    {"vkCreateInstance", createInstance},
    {"vkDestroyInstance", destroyInstance},
    {"vkCreateDevice", createDevice},
    {"vkEnumerateDeviceExtensionProperties", listExtensions},
    {"vkGetPhysicalDeviceExternalSemaphoreProperties", semaphoreProperties},
    {"vkGetPhysicalDeviceExternalSemaphorePropertiesKHR", semaphoreProperties},
    {"vkGetPhysicalDeviceProperties", properties},
    {"vkGetPhysicalDeviceProperties2", properties2},
    {"vkGetPhysicalDeviceProperties2KHR", properties2},
    {NULL, NULL},
};

static PFN_vkVoidFunction hookOf(const Hook *hooks, const char *name) {
  for (; hooks->name; hooks++)
    if (!strcmp(hooks->name, name)) return (PFN_vkVoidFunction)hooks->function;
  return NULL;
}

static PFN_vkVoidFunction deviceProc(VkDevice device, const char *name) {
  PFN_vkVoidFunction hook = hookOf(DEVICE_HOOKS, name);
  if (hook) return hook;
  PFN_vkGetDeviceProcAddr next = find(device).deviceNext;
  return next ? next(device, name) : NULL;
}

static PFN_vkVoidFunction instanceProc(VkInstance instance, const char *name) {
  PFN_vkVoidFunction hook = hookOf(INSTANCE_HOOKS, name);
  if (!hook) hook = hookOf(DEVICE_HOOKS, name);
  if (hook) return hook;
  PFN_vkGetInstanceProcAddr next = find(instance).instanceNext;
  return next ? next(instance, name) : NULL;
}

__attribute__((visibility("default"))) VKAPI_ATTR VkResult VKAPI_CALL
vkNegotiateLoaderLayerInterfaceVersion(VkNegotiateLayerInterface *version) {
  if (version->loaderLayerInterfaceVersion > 2) version->loaderLayerInterfaceVersion = 2;
  version->pfnGetInstanceProcAddr = (PFN_vkGetInstanceProcAddr)instanceProc;
  version->pfnGetDeviceProcAddr = (PFN_vkGetDeviceProcAddr)deviceProc;
  version->pfnGetPhysicalDeviceProcAddr = NULL;
  return VK_SUCCESS;
}
