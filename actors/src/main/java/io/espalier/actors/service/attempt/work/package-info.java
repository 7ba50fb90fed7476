/** Attempts that train or run a federation in this process. */
@NullMarked
package io.espalier.actors.service.attempt.work;

import org.jspecify.annotations.NullMarked;
