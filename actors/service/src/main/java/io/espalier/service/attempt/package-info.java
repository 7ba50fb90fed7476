/** Attempts: executes a run on this node. */
package io.espalier.service.attempt;
