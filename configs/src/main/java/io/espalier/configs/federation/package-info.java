/** How a federation of clients trains a network together. */
@NullMarked
package io.espalier.configs.federation;

import org.jspecify.annotations.NullMarked;
