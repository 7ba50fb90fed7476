/** Imported graphs as networks of the layers that are trained here. */
@NullMarked
package io.espalier.trainer.onnx.convert;

import org.jspecify.annotations.NullMarked;
