/** How a network is trained: optimizer, learning rate, clocks. */
@NullMarked
package io.espalier.configs.train;

import org.jspecify.annotations.NullMarked;
