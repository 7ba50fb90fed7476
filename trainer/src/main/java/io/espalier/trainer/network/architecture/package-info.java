/** The networks that have names of their own, spelled out layer by layer. */
@NullMarked
package io.espalier.trainer.network.architecture;

import org.jspecify.annotations.NullMarked;
