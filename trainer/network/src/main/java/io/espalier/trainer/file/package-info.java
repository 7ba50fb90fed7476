/** Safetensors files, dense and sparse, and SHA-256 digests. */
package io.espalier.trainer.file;
