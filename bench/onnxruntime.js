// Images a second by ONNX Runtime to one tensor of a network, one thread: the peer that bench/peer compares with.
// Usage: node onnxruntime.js PACKAGE NETWORK TENSOR SECONDS
const [packageFolder, network, tensor, seconds] = process.argv.slice(2);
const ort = require(packageFolder);

(async () => {
  const session = await ort.InferenceSession.create(
      network, {intraOpNumThreads: 1, interOpNumThreads: 1, executionProviders: ['cpu']});
  const pixels = Float32Array.from({length: 3 * 224 * 224}, (_, i) => Math.sin(i));
  const feeds = {[session.inputNames[0]]: new ort.Tensor('float32', pixels, [1, 3, 224, 224])};
  const run = () => session.run(feeds, [tensor]);
  for (let i = 0; i < 10; ++i) await run();
  const begin = process.hrtime.bigint();
  const elapsed = () => Number(process.hrtime.bigint() - begin) / 1e9;
  let images = 0;
  while (elapsed() < Number(seconds)) {
    await run();
    ++images;
  }
  console.log(images / elapsed());
})();
