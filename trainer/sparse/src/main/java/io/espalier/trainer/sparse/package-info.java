/**
 * Training and inference of networks at a cost that follows the kept weights, in plain Java.
 *
 * <p>Activations lie as {@code [channels, height, width, batch]}, so that SIMD lanes are examples:
 * a kept weight is one broadcast, its input a contiguous row. Results do not depend on the SIMD
 * width.
 */
package io.espalier.trainer.sparse;
