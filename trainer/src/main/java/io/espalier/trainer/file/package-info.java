/** Tensors in files: the safetensors format, and writing that never leaves half a file. */
@NullMarked
package io.espalier.trainer.file;

import org.jspecify.annotations.NullMarked;
