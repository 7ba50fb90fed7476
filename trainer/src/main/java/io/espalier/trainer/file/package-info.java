/** Tensors in files: the safetensors format, and writing that never leaves half a file. */
package io.espalier.trainer.file;
