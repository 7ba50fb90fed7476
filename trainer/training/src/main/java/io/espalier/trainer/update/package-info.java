/** How an optimizer changes values by their gradients, wherever these are stored. */
package io.espalier.trainer.update;
