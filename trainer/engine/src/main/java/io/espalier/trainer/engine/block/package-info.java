/** Passes of whole networks on the engine. */
@org.jspecify.annotations.NullMarked
package io.espalier.trainer.engine.block;
