/** Writes networks as ONNX files, and computes them in ONNX Runtime. */
package io.espalier.trainer.onnx;
