/** Networks as data: layers, shapes, architectures and groups of channels. */
package io.espalier.trainer.network;
