/** How a client of a federation reaches its server. */
@NullMarked
package io.espalier.actors.federation.client.access;

import org.jspecify.annotations.NullMarked;
