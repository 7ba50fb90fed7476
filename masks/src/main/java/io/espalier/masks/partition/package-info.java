/** How the examples of one data set are dealt to clients. */
@NullMarked
package io.espalier.masks.partition;

import org.jspecify.annotations.NullMarked;
