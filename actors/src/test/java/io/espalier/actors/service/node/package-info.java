/** Nodes of the service with attempts that train nothing. */
@NullMarked
package io.espalier.actors.service.node;

import org.jspecify.annotations.NullMarked;
