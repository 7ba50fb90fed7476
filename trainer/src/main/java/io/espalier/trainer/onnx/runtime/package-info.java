/** ONNX files in ONNX Runtime. */
package io.espalier.trainer.onnx.runtime;
