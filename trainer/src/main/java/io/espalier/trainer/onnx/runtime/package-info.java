/** ONNX files in ONNX Runtime. */
@NullMarked
package io.espalier.trainer.onnx.runtime;

import org.jspecify.annotations.NullMarked;
