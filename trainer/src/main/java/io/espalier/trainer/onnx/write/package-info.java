/** Writes networks as ONNX files. */
package io.espalier.trainer.onnx.write;
