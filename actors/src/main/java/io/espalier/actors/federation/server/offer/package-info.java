/** What a round offers to its clients, and what it takes from them. */
@NullMarked
package io.espalier.actors.federation.server.offer;

import org.jspecify.annotations.NullMarked;
