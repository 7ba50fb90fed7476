/** Lifecycle of runs: entities, states, attempts and the scheduler. */
package io.espalier.service.run;
