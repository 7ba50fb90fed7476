/** How masks act in training: what passes see, which units live, and what is trained beside. */
package io.espalier.masks.kind;
