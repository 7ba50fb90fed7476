/** Networks: layers, shapes, architectures and their blocks on the engine. */
package io.espalier.trainer.network;
