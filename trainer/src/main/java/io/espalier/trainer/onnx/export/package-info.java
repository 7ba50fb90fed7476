/** Networks as ONNX files, for any runtime that reads them. */
@NullMarked
package io.espalier.trainer.onnx.export;

import org.jspecify.annotations.NullMarked;
