/** Follows a run of a service on the console, across restarts of either. */
@NullMarked
package io.espalier.actors.cli.service.watch;

import org.jspecify.annotations.NullMarked;
