/** Reads ONNX graphs and converts them into networks. */
package io.espalier.trainer.onnx.read;
