/** How replicas come to one committed state, and what changes there. */
@NullMarked
package io.espalier.trainer.sync;

import org.jspecify.annotations.NullMarked;
