/** Faults: back-off between attempts, and the crash points that tests arm. */
package io.espalier.configs.fault;
