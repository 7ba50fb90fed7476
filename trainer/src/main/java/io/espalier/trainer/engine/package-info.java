/** What the engine needs of its callers and of the machine. */
@NullMarked
package io.espalier.trainer.engine;

import org.jspecify.annotations.NullMarked;
