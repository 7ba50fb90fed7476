/** The engine's platforms, threads and constants. */
package io.espalier.trainer.engine;
