/** A device of a federation: works for its server beside its own data. */
@NullMarked
package io.espalier.actors.federation.client;

import org.jspecify.annotations.NullMarked;
