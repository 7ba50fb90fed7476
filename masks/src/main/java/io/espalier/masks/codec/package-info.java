/** Mask sets as bytes, near their entropy. */
package io.espalier.masks.codec;
