"""What people say of the quotations of stored articles, one by one."""
