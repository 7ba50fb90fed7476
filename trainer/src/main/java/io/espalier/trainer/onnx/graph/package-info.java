/** ONNX files of anybody: bounded, checked and folded to what depends on the example. */
@NullMarked
package io.espalier.trainer.onnx.graph;

import org.jspecify.annotations.NullMarked;
