/** Bulk transfers over Aeron, between actors of one process and between nodes. */
package io.espalier.training.transport;
