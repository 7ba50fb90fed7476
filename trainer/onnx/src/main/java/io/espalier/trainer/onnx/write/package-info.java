/**
 * Networks as ONNX graphs: an {@link io.espalier.trainer.onnx.write.OnnxWriter} per class of
 * layers.
 */
@org.jspecify.annotations.NullMarked
package io.espalier.trainer.onnx.write;
