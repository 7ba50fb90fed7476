/** Times of single layers on the engine. */
package io.espalier.trainer.engine.timing;
