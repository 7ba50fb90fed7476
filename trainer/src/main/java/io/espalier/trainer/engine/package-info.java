/** What the engine needs of the machine. */
@NullMarked
package io.espalier.trainer.engine;

import org.jspecify.annotations.NullMarked;
