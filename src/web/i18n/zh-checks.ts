/** Chinese of what the machine was found to be: of checks by their code, of execution providers by what they lack. */

/** What was found, and what to do. Facts stand in braces. */
type CheckText = readonly [text: string, fix?: string];

export const ZH_CHECKS: Readonly<Record<string, CheckText>> = {
  node: ['Node {version}（{platform} {arch}）'],
  ffmpeg: ['ffmpeg {version}'],
  encoders: ['{working}'],
  'encoders-without-device': ['{working}；其余编码器没有可用的设备'],
  'encoders-absent': ['{working}；缺少 {absent}', '请安装完整版的 ffmpeg。'],
  models: ['{files} 个文件，共 {totalBytes}，sha256 全部与清单一致'],
  onnxruntime: ['cpu 运行 {model} 一次'],
  disk: ['当前位置剩余 {freeBytes}'],
  'disk-low': ['当前位置仅剩 {freeBytes}', '长视频需要更多空间，请腾出一些。'],
  memory: ['可用 {freeBytes}，共 {totalBytes}'],
  'memory-low': ['仅可用 {freeBytes}，共 {totalBytes}', '处理大视频之前，请关闭其他程序。'],
  gpu: ['{names}：已用 {usedBytes}，共 {totalBytes}'],
  'gpu-none': ['没有可读取显存的 GPU（nvidia-smi 未找到）'],
};

/** Why a provider does not work, by its fault. */
export const ZH_FAULTS: Readonly<Record<string, string>> = {
  platform: '此系统上没有',
  'not-built': '已安装的 onnxruntime-node 未包含它',
  library: '无法加载 {library}',
  ended: '试运行意外中断',
};

/** How a provider can be had, by its id. */
export const ZH_HOW_TO_GET: Readonly<Record<string, string>> = {
  cuda: '安装 NVIDIA 驱动、CUDA 12 和 cuDNN 9，再让 onnxruntime-node 下载其 CUDA 库（Linux x64）：ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
  tensorrt: '在 cuda 所需之外安装 TensorRT 10，然后运行：ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
  coreml: '使用 Apple 芯片的 Mac：发布的 onnxruntime-node 已包含它。',
  directml: '使用 Windows 10（1903）或更新版本，并安装显卡驱动：发布的 onnxruntime-node 已包含它。',
  webgpu:
    '安装支持 Vulkan 的显卡驱动（Linux：mesa-vulkan-drivers 或 NVIDIA 驱动）；其余部分发布的 onnxruntime-node 已包含。',
  openvino: '用 --use_openvino 编译 onnxruntime-node，替换发布的版本。',
  migraphx: '用 --use_migraphx 编译 onnxruntime-node，替换发布的版本；或使用 webgpu。',
  rocm: '用仍支持它的版本以 --use_rocm 编译 onnxruntime-node；或使用 webgpu。',
  qnn: '用 --use_qnn 和 Qualcomm 的 SDK 编译 onnxruntime-node，替换发布的版本。',
  xnnpack: '用 --use_xnnpack 编译 onnxruntime-node；在此类机器上 cpu 同样快。',
  cpu: '安装 facefusion 即有。',
};
