/** Server-sent events of a run, taken up again wherever a connection broke. */
@NullMarked
package io.espalier.actors.service.client.stream;

import org.jspecify.annotations.NullMarked;
