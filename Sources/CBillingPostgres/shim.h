#ifndef CBILLINGPOSTGRES_SHIM_H
#define CBILLINGPOSTGRES_SHIM_H

#include <libpq-fe.h>

#endif
