/** A run's events as server-sent events, for many clients that may be slow. */
@NullMarked
package io.espalier.actors.service.http.events;

import org.jspecify.annotations.NullMarked;
