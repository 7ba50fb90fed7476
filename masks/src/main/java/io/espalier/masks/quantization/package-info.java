/** Values of updates in fewer bits, and what is kept of the error. */
@NullMarked
package io.espalier.masks.quantization;

import org.jspecify.annotations.NullMarked;
