/** The server's end of a federation's wire: it knows bytes, limits and clients, but no learning. */
@NullMarked
package io.espalier.actors.federation.gateway;

import org.jspecify.annotations.NullMarked;
