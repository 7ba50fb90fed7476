/** Prepares a run: data, network, starting weights and plan. */
package io.espalier.trainer.prepare;
