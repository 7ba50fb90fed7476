/** Finds what decides the bits of the engine on a machine: its instructions and threads. */
package io.espalier.trainer.capability;
