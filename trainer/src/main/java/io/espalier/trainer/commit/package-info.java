/** Committed state: what it is, and how it travels to the replicas and is answered. */
@NullMarked
package io.espalier.trainer.commit;

import org.jspecify.annotations.NullMarked;
