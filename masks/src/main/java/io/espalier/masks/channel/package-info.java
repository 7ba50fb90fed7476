/** Which channels of a network are kept as it trains. */
@NullMarked
package io.espalier.masks.channel;

import org.jspecify.annotations.NullMarked;
